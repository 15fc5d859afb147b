"""The world comes in: the only code that opens the files of others."""
