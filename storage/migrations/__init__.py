"""The tables, as steps that are never edited once released."""
