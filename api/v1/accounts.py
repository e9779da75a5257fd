"""The caller: who they are, for whom they act, their keys."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.core.actor import Role
from accounts.core.parties import OrganisationKind
from accounts.core.tokens import LASTS_AT_MOST, Scope
from accounts.selectors import organisations, users
from accounts.selectors import tokens as keys
from accounts.services import registration, tokens
from api.v1.fields import Whole, one_of
from api.v1.pagination import paged
from api.v1.resource import Resource
from api.v1.schema import operation

LANGUAGES = ("zh-hans", "en")


class PartyBrief(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    kind = one_of(OrganisationKind)
    name = serializers.CharField()


class MeOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    email = serializers.EmailField()
    display_name = serializers.CharField()
    phone = serializers.CharField()
    language = one_of(LANGUAGES)
    acting_for = PartyBrief()
    roles = serializers.ListField(child=one_of(Role))


class MeIn(serializers.Serializer[Any]):
    display_name = serializers.CharField(max_length=80)
    phone = serializers.RegexField(r"^[0-9+() -]{0,24}$", allow_blank=True, default="")
    language = one_of(LANGUAGES, default="zh-hans")


class KeyOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    name = serializers.CharField()
    hint = serializers.CharField(help_text="The first places of the secret.")
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=[scope.value for scope in Scope]))
    acting_for = PartyBrief(source="organisation")
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class NewKeyOut(KeyOut):
    secret = serializers.CharField(help_text="Shown only in this answer.")


class KeyIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=[scope.value for scope in Scope]), min_length=1, max_length=len(Scope)
    )
    lasts_days = Whole(min_value=1, max_value=LASTS_AT_MOST.days, default=90)


class Me(Resource):
    @operation("Show who calls", ok=MeOut)
    def get(self, request: Request) -> Response:
        return Response(self._shown())

    @operation("Change one's own profile", reads=MeIn, ok=MeOut)
    def put(self, request: Request) -> Response:
        registration.edit_profile(**self.read(MeIn), by=self.actor, at=self.at)
        return Response(self._shown())

    def _shown(self) -> dict[str, Any]:
        user = users.get(self.actor.own_user_id)
        party = organisations.by_id(self.actor.own_organisation_id)
        facts = {name: getattr(user, name) for name in ("code", "email", "display_name", "phone", "language")}
        return MeOut({**facts, "acting_for": party, "roles": sorted(self.actor.roles)}).data


class Keys(Resource):
    @operation("List one's keys for programs", ok=KeyOut, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, keys.of(self.actor), KeyOut)

    @operation("Make a key for the party one acts for", reads=KeyIn, ok=NewKeyOut, status=201, problems=(409,))
    def post(self, request: Request) -> Response:
        wish = self.read(KeyIn)
        lasts = timedelta(days=wish.pop("lasts_days"))
        token, secret = tokens.create(**wish, lasts=lasts, by=self.actor, at=self.at)
        return Response({**KeyOut(token).data, "secret": secret}, status=201)


class Key(Resource):
    @operation("Withdraw a key", ok=KeyOut, problems=(404,))
    def delete(self, request: Request, code: UUID) -> Response:
        return Response(KeyOut(tokens.revoke(code, by=self.actor, at=self.at)).data)


urlpatterns = [
    path("me", Me.as_view()),
    path("me/keys", Keys.as_view()),
    path("me/keys/<uuid:code>", Key.as_view()),
]
