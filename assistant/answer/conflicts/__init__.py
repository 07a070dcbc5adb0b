"""Where sources give different values for the same thing."""
