# mode: jwt
"""A Django project with djangorestframework-simplejwt, set up as tutorials do, in one file and with a database in memory."""

import django
from django.conf import settings

SIMPLE_JWT = {
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
    # As in the Latchkey of this comparison: sliding tokens are accepted too.
    "AUTH_TOKEN_CLASSES": (
        "rest_framework_simplejwt.tokens.AccessToken",
        "rest_framework_simplejwt.tokens.SlidingToken",
    ),
    "SIGNING_KEY": "0f" * 32,
}


def start(simple_jwt=SIMPLE_JWT, authentication="JWTAuthentication"):
    """Configures Django. Call it once per process: SimpleJWT reads its settings when it is imported."""
    settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "rest_framework",
            "rest_framework_simplejwt.token_blacklist",
        ],
        # Without CommonMiddleware, APPEND_SLASH does not redirect.
        MIDDLEWARE=[],
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": (f"rest_framework_simplejwt.authentication.{authentication}",),
            "DEFAULT_RENDERER_CLASSES": ("rest_framework.renderers.JSONRenderer",),
        },
        ROOT_URLCONF="reference",
        SECRET_KEY="1e" * 32,
        SIMPLE_JWT=simple_jwt,
        USE_TZ=True,
    )
    django.setup()
    global urlpatterns
    urlpatterns = urls()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def urls():
    from django.urls import path
    from rest_framework import permissions, status
    from rest_framework.response import Response
    from rest_framework.views import APIView
    from rest_framework_simplejwt import views
    from rest_framework_simplejwt.tokens import RefreshToken, TokenError

    class Me(APIView):
        permission_classes = [permissions.IsAuthenticated]

        def get(self, request):
            return Response({"id": request.user.id, "username": request.user.username})

    class Logout(APIView):
        permission_classes = [permissions.IsAuthenticated]

        def post(self, request):
            refresh = request.data.get("refresh")
            if not refresh:
                return Response({"detail": "refresh required"}, status=400)
            try:
                RefreshToken(refresh).blacklist()
                return Response(status=status.HTTP_205_RESET_CONTENT)
            except TokenError:
                return Response({"detail": "invalid token"}, status=400)

    return [
        path("api/token/", views.TokenObtainPairView.as_view()),
        path("api/token/refresh/", views.TokenRefreshView.as_view()),
        path("api/token/verify/", views.TokenVerifyView.as_view()),
        path("api/token/blacklist/", views.TokenBlacklistView.as_view()),
        path("api/token/sliding/", views.TokenObtainSlidingView.as_view()),
        path("api/token/sliding/refresh/", views.TokenRefreshSlidingView.as_view()),
        path("api/me/", Me.as_view()),
        path("api/logout/", Logout.as_view()),
    ]
