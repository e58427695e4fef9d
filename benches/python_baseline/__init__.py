"""What a portal would write by itself: plain Python with `decimal` and `ipaddress`, decent and without tricks."""
