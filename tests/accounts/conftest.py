"""Accounts are tested as a real place runs: no sandbox register unless a test asks for it."""

import pytest


@pytest.fixture(autouse=True)
def _no_demo(settings):
    settings.DEMO = False
