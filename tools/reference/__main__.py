"""Generates the tables of the docs again."""

from reference import documents, renewed

for page in documents():
    page.write_text(renewed(page.read_text()))
