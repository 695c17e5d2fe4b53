"""The document of every version is OpenAPI 3.1."""

import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31

from linkspan.server.api.description.document import document
from linkspan.server.api.versions.published import PREVIEWS, PUBLISHED


@pytest.mark.parametrize("version", [*PUBLISHED, *PREVIEWS])
def test_the_document_of_a_version_is_valid(version: str) -> None:
    described = document(version, "http://server.example")

    jsonschema_rs.validator_for(OPENAPI_31).validate(described)
    assert described["info"]["version"] == version
