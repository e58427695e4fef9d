"""What the tests share: the price list and the services of the worked figures, a payer, callers."""

from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from rest_framework.test import APIClient

from portal import models, seams

from . import make
from .make import ADA, LONG_AGO


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    """A password takes long to be hashed, on purpose; nothing here is about that."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def prices(db) -> models.PriceList:
    return models.PriceList.objects.create(revision="2024-01", effective_from=LONG_AGO)


@pytest.fixture
def rates(prices):
    return seams.rates_of(prices, make.day())


@pytest.fixture
def unit(db) -> models.AppService:
    models.AppService.objects.create(id="oss", name="Object storage", app_id="portal", category="other")
    return models.AppService.objects.create(id="vm", name="Virtual machines", app_id="portal")


@pytest.fixture
def ada(unit) -> models.Account:
    get_user_model().objects.create_user("ada", password="ada", pk=int(ADA))
    return models.Account.objects.create(owner_id=ADA, balance=Decimal("100.00"))


@pytest.fixture
def as_ada(ada) -> APIClient:
    client = APIClient()
    client.login(username="ada", password="ada")
    return client


@pytest.fixture
def as_staff(db) -> APIClient:
    get_user_model().objects.create_superuser("root", password="root")
    client = APIClient()
    client.login(username="root", password="root")
    return client
