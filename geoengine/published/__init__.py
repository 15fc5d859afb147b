"""Files as published: open any table or map, find its header, its encoding and its codes."""
