"""What is on screen as a file to keep: tables, pictures, documents and a page of its own."""
