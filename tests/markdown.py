"""A name that Markdown would make images and links of, and the same name written so that Markdown shows it as it is."""

from string import punctuation

HOSTILE = "![p](http://192.0.2.1/pixel) [x](https://192.0.2.1/phish) <img src=x> www.example.com a@example.com **b** `c` # | \\"
ESCAPED = "".join(f"\\{character}" if character in punctuation else character for character in HOSTILE)
