"""Coming in, one's own account, organisations, notifications."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from frontend.views import account, notifications, parties, sign_in

urlpatterns = [
    path("login", sign_in.Login.as_view(), name="login"),
    path("logout", LogoutView.as_view(), name="logout"),
    path("register", sign_in.register, name="register"),
    path("password/forgotten", sign_in.PasswordReset.as_view(), name="password-reset"),
    path("password/forgotten/sent", sign_in.PasswordResetSent.as_view(), name="password-reset-sent"),
    path("password/new/<uidb64>/<token>", sign_in.PasswordResetConfirm.as_view(), name="password_reset_confirm"),
    path("me", account.me, name="me"),
    path("me/account", account.profile, name="account"),
    path("me/account/password", sign_in.PasswordChange.as_view(), name="password-change"),
    path("me/account/keys", account.api_keys, name="api-keys"),
    path("me/account/keys/<uuid:code>/revoke", account.revoke_key, name="api-key-revoke"),
    path("me/account/data", account.my_data, name="my-data"),
    path("me/account/data/file", account.my_data_file, name="my-data-file"),
    path("me/notifications", notifications.index, name="notifications"),
    path("me/notifications/bell", notifications.bell, name="notification-bell"),
    path("me/notifications/read", notifications.read_all, name="notifications-read"),
    path("me/notifications/settings", notifications.settings, name="notification-settings"),
    path("me/notifications/<uuid:code>", notifications.follow, name="notification"),
    path("me/organisations", parties.index, name="switch-party"),
    path("me/organisations/act", parties.switch, name="act-for"),
    path("me/organisations/new", parties.new, name="organisation-new"),
    path("me/organisations/<uuid:code>", parties.edit, name="organisation-edit"),
    path("me/organisations/<uuid:code>/members", parties.members, name="organisation-members"),
    path("me/organisations/<uuid:code>/invite", parties.invite, name="organisation-invite"),
    path(
        "me/organisations/<uuid:code>/invitations/<uuid:invitation>/withdraw",
        parties.withdraw_invitation,
        name="invitation-withdraw",
    ),
    path("me/organisations/<uuid:code>/members/<uuid:member>/role", parties.change_role, name="member-role"),
    path("me/organisations/<uuid:code>/members/<uuid:member>/remove", parties.remove, name="member-remove"),
    path("invitations/<str:secret>", parties.accept, name="invitation-accept"),
]
