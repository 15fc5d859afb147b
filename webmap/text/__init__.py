"""What the pages say: the languages, values in words, a layer's words and the finding."""
