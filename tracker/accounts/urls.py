"""Everything under /accounts/. Signing up and changing one's e-mail address have no address."""

from allauth.account import views as allauth_views
from django.urls import include, path

from tracker.accounts import views

urlpatterns = [
    path("login/", allauth_views.login, name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("password/", allauth_views.password_change, name="account_change_password"),
    path("password/reset/", allauth_views.password_reset, name="account_reset_password"),
    path(
        "password/reset/code/",
        allauth_views.confirm_password_reset_code,
        name="account_confirm_password_reset_code",
    ),
    path(
        "password/reset/new/",
        allauth_views.complete_password_reset,
        name="account_complete_password_reset",
    ),
    path(
        "password/reset/done/",
        allauth_views.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
    path("signup/", views.nobody_signs_up, name="account_signup"),
    path("2fa/", views.YourAccount.as_view(), name="mfa_index"),
    path("2fa/", include("allauth.mfa.urls")),
    path("welcome/", views.welcome, name="welcome"),
    path("clinic/", views.choose_clinic, name="choose_clinic"),
    path("session/end/", views.end_session, name="end_session"),
    path("sign-out-everywhere/", views.sign_out_everywhere, name="sign_out_everywhere"),
]
