"""Organisations: what is public, what their members change, who belongs to them."""

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.core.actor import Role
from accounts.core.parties import OrganisationKind, Size
from accounts.selectors import organisations as parties
from accounts.services import organisations
from api.v1.fields import Day, Place, one_of
from api.v1.pagination import paged
from api.v1.permissions import Anyone, SignedIn
from api.v1.resource import Resource
from api.v1.schema import operation

KINDS = [kind.value for kind in OrganisationKind if kind is not OrganisationKind.PERSON]
SIZES = [size.value for size in Size]
ROLES = [role.value for role in (Role.OWNER, Role.MANAGER, Role.MEMBER)]


class OrganisationOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in OrganisationKind])
    name = serializers.CharField()
    credit_code = serializers.CharField(allow_null=True)
    size = one_of(Size, or_none=True)
    division_code = serializers.CharField(help_text="GB/T 2260")
    industry_code = serializers.CharField(help_text="GB/T 4754")
    place = Place(allow_null=True)
    address = serializers.CharField()
    introduction = serializers.CharField()
    founded_on = serializers.DateField(allow_null=True)
    verification_level = serializers.IntegerField(help_text="0 mail, 1 person, 2 organisation, 3 licensed, 4 certified")
    verified_until = serializers.DateField(allow_null=True)
    is_demo = serializers.BooleanField()


class DescriptionIn(serializers.Serializer[Any]):
    size = serializers.ChoiceField(choices=SIZES, required=False)
    division_code = serializers.RegexField(r"^\d{6}\Z", required=False)
    industry_code = serializers.RegexField(r"^[A-T](\d{2,4})?\Z", required=False)
    place = Place(required=False)
    address = serializers.CharField(max_length=240, allow_blank=True, required=False)
    introduction = serializers.CharField(max_length=4000, allow_blank=True, required=False)
    founded_on = Day(required=False)


class OrganisationIn(DescriptionIn):
    kind = serializers.ChoiceField(choices=KINDS)
    name = serializers.CharField(max_length=160)
    credit_code = serializers.CharField(max_length=40, help_text="Unified social credit code, GB 32100")


class OrganisationChange(DescriptionIn):
    kind = serializers.ChoiceField(choices=KINDS, required=False)
    name = serializers.CharField(max_length=160, required=False)
    credit_code = serializers.CharField(max_length=40, required=False)


class MembershipOut(serializers.Serializer[Any]):
    organisation = OrganisationOut()
    role = serializers.ChoiceField(choices=ROLES)
    joined_at = serializers.DateTimeField()


class MemberOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    display_name = serializers.CharField(source="user.display_name")
    email = serializers.EmailField(source="user.email")
    role = serializers.ChoiceField(choices=ROLES)
    joined_at = serializers.DateTimeField()


class RoleIn(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=ROLES)


class InvitationIn(RoleIn):
    email = serializers.EmailField()


class InvitationOut(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=ROLES)
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class SecretIn(serializers.Serializer[Any]):
    secret = serializers.CharField(max_length=80, help_text="The last part of the invitation's address.")


class Organisations(Resource):
    @operation("List the parties one belongs to", ok=MembershipOut, paged=True)
    def get(self, request: Request) -> Response:
        return paged(request, parties.memberships_of(self.actor), MembershipOut)

    @operation(
        "Create an organisation", reads=OrganisationIn, ok=OrganisationOut, status=201, problems=(409,), idempotent=True
    )
    def post(self, request: Request) -> Response:
        made = organisations.create(**self.read(OrganisationIn), by=self.actor, at=self.at)
        return Response(OrganisationOut(made).data, status=201)


class Organisation(Resource):
    def get_permissions(self) -> list[Any]:
        return [Anyone()] if self.request.method == "GET" else [SignedIn()]

    @operation("Show what a party says about itself", ok=OrganisationOut, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        return Response(OrganisationOut(parties.get(code)).data)

    @operation("Change the party one acts for", reads=OrganisationChange, ok=OrganisationOut, problems=(404, 409))
    def patch(self, request: Request, code: UUID) -> Response:
        changed = organisations.edit(code, self.read(OrganisationChange), by=self.actor, at=self.at)
        return Response(OrganisationOut(changed).data)


class Members(Resource):
    @operation("List the members of the party one acts for", ok=MemberOut, paged=True, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        return paged(request, parties.members(code, viewer=self.actor), MemberOut)


class Member(Resource):
    @operation("Change a member's role", reads=RoleIn, ok=MemberOut, problems=(404, 409))
    def patch(self, request: Request, code: UUID) -> Response:
        role = Role(self.read(RoleIn)["role"])
        return Response(MemberOut(organisations.change_role(code, role=role, by=self.actor, at=self.at)).data)

    @operation("Remove a member, or leave", ok=None, status=204, problems=(404, 409))
    def delete(self, request: Request, code: UUID) -> Response:
        organisations.remove(code, by=self.actor, at=self.at)
        return Response(status=204)


class Invitations(Resource):
    @operation("List open invitations of the party one acts for", ok=InvitationOut, paged=True, problems=(404,))
    def get(self, request: Request, code: UUID) -> Response:
        return paged(request, parties.invitations(code, viewer=self.actor), InvitationOut)

    @operation("Invite by mail", reads=InvitationIn, ok=InvitationOut, status=201, problems=(404, 409), idempotent=True)
    def post(self, request: Request, code: UUID) -> Response:
        wish = self.read(InvitationIn)
        letter, _ = organisations.invite(code, email=wish["email"], role=Role(wish["role"]), by=self.actor, at=self.at)
        return Response(InvitationOut(letter).data, status=201)


class Invitation(Resource):
    @operation("Withdraw an invitation", ok=None, status=204, problems=(404, 409))
    def delete(self, request: Request, code: UUID) -> Response:
        organisations.withdraw_invitation(code, by=self.actor, at=self.at)
        return Response(status=204)


class Acceptance(Resource):
    throttle_scope = "guess"

    @operation("Accept an invitation", reads=SecretIn, ok=MembershipOut, problems=(409,))
    def post(self, request: Request) -> Response:
        membership = organisations.accept(self.read(SecretIn)["secret"], by=self.actor, at=self.at)
        return Response(MembershipOut(membership).data)


urlpatterns = [
    path("organisations", Organisations.as_view()),
    path("organisations/<uuid:code>", Organisation.as_view()),
    path("organisations/<uuid:code>/members", Members.as_view()),
    path("organisations/<uuid:code>/invitations", Invitations.as_view()),
    path("members/<uuid:code>", Member.as_view()),
    path("invitations/<uuid:code>", Invitation.as_view()),
    path("invitations/accept", Acceptance.as_view()),
]
