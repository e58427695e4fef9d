"""What the portal does with its tables: lock, ask a seam, write, all in one transaction."""
