"""The containers are what scripts/run starts: the same settings, nobody's root, every part asked how it is."""

import re
from typing import Any

import pytest
import yaml

from tests.ops.test_settings import names_read
from tests.ops.working_copy import ROOT

TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = sorted(name for name, service in SERVICES.items() if service["image"].startswith("yuli:"))
ONCE = {"migrate"}
SET_IN_THE_IMAGE = {"YULI_DEBUG", "YULI_STATIC_ROOT", "YULI_MEDIA_ROOT"}


def test_every_part_is_there():
    assert set(SERVICES) >= {"web", "worker", "live", "migrate", "database", "redis", "dask-scheduler", "dask-worker"}
    assert {profile for service in SERVICES.values() for profile in service.get("profiles", [])} == {"cluster", "scale"}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ONCE))
def test_every_part_that_stays_is_asked_how_it_is(name):
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", OURS)
def test_our_processes_may_do_little(name):
    service = SERVICES[name]

    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True
    assert "no-new-privileges:true" in service["security_opt"]


def test_the_image_runs_as_somebody_without_rights():
    users = re.findall(r"^USER (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)

    assert users == ["yuli"]


def test_nothing_starts_before_the_tables_are_there():
    for name in ("web", "worker", "live", "more-workers"):
        assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_secrets_have_no_default():
    secrets = re.findall(r"\$\{(YULI_(?:SECRET_KEY|DATABASE_PASSWORD|ALLOWED_HOSTS))(.)(.)", TEXT)

    assert {name for name, *_ in secrets} == {"YULI_SECRET_KEY", "YULI_DATABASE_PASSWORD", "YULI_ALLOWED_HOSTS"}
    assert {(colon, question) for _, colon, question in secrets} == {(":", "?")}


def test_every_setting_that_the_code_reads_can_be_given():
    given = set(SERVICES["web"]["environment"])

    assert names_read(ROOT / "config" / "settings.py") - SET_IN_THE_IMAGE == given


def test_only_the_web_is_open_and_only_to_this_machine():
    assert {name for name, service in SERVICES.items() if service.get("ports")} == {"web"}
    assert SERVICES["web"]["ports"] == ["${YULI_HOST:-127.0.0.1}:${YULI_PORT:-8000}:8000"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["database"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]


def test_what_must_last_is_in_a_volume():
    assert set(COMPOSE["volumes"]) == {"database", "media"}
    assert SERVICES["database"]["volumes"] == ["database:/var/lib/postgresql/data"]
    assert all("media:/srv/yuli/media" in SERVICES[name]["volumes"] for name in OURS)
