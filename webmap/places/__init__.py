"""Where people mean, and what is known of it: postcodes, spots and area profiles."""
