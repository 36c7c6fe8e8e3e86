"""A PDF as small as there can be."""


def pdf(words: str = "A", padding: int = 0) -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%"
        + words.encode()
        + b" " * padding
        + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )
