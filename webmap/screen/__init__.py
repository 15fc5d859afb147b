"""What a page shows: the layer asked for, its classes, table, figures and drawings."""
