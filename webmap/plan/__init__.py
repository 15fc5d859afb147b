"""Plans: edits as addresses carry them, what they would do, and the sites that are suggested."""
