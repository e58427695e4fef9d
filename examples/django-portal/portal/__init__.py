"""A cloud portal as there are many, whose arithmetic is Counterfoil's."""
