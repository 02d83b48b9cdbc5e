"""A name that Markdown would render as images and links, and the same name escaped."""

from string import punctuation

HOSTILE = "![p](http://192.0.2.1/pixel) [x](https://192.0.2.1/phish) <img src=x> www.example.com a@example.com **b** `c` # | \\"
ESCAPED = "".join(f"\\{character}" if character in punctuation else character for character in HOSTILE)
