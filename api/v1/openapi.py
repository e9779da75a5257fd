"""How this version's OpenAPI document is generated; `scripts/openapi` writes it beside this file."""

SETTINGS = {
    "TITLE": "Yuli API",
    "DESCRIPTION": (
        "Everything that the pages do, for programs. Send `Authorization: Bearer yuli_…` with a key made under "
        "Settings, Keys for programs; a key acts for one party. Money is in fen, instants carry an offset, places are "
        "WGS-84, ids are UUIDs called `code`. Errors are `application/problem+json`; a 409 says why something is "
        "refused and what would help. `moves` names the steps open to the caller; each is `POST …/<move>`."
    ),
    "VERSION": "1",
    "SERVERS": [{"url": "/api/v1"}],
    "OAS_VERSION": "3.1.0",
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,  # a PATCH has a serializer of its own, which says what it needs
    "SCHEMA_PATH_PREFIX": "",
    "POSTPROCESSING_HOOKS": [],  # enumerations stand where they are used
}
