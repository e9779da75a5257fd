"""How this API's OpenAPI document is generated; `scripts/openapi` writes it beside this file."""

SETTINGS = {
    "TITLE": "Yuli supervision API",
    "DESCRIPTION": (
        "What competent authorities read of Yuli (余力): complete, timely, de-identified, within their territory, "
        "every read logged and visible to both sides. Rows are under pseudonyms that are new for each agency and "
        "quarter. Get a token at /supervision/v1/token with client credentials. Money is in fen, instants carry an "
        "offset, divisions are GB/T 2260. Errors are application/problem+json; those of /token have the shape of "
        "RFC 6749."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVERS": [],
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/supervision/v1",
    "TAGS": [
        {"name": "token", "description": "Client credentials become a token of 15 minutes."},
        {"name": "rows", "description": "De-identified rows as feeds of changes."},
        {"name": "statistics", "description": "Protected figures, and how good the data is."},
        {"name": "log", "description": "What was read."},
        {"name": "catalogue", "description": "What can be read, and why."},
    ],
}
