# mode: jwt
"""Another service that verifies an access token of Latchkey, with PyJWT and with SimpleJWT's stateless authentication.

Reads `{"token", "algorithm", "key" (a JWK) or "jwks_url"}` from standard input. Each key needs a process of its own, because
SimpleJWT reads its settings when it is imported.
"""

import json
import sys

import jwt

import reference


def main():
    given = json.load(sys.stdin)
    token, algorithm = given["token"], given["algorithm"]
    if "key" in given:
        key = jwt.PyJWK(given["key"], algorithm=algorithm).key
        how = {"SIGNING_KEY": key}
    else:
        key = jwt.PyJWKClient(given["jwks_url"]).get_signing_key_from_jwt(token).key
        how = {"JWK_URL": given["jwks_url"], "SIGNING_KEY": None}

    claims = jwt.decode(token, key, algorithms=[algorithm], options={"require": ["exp", "iat", "jti", "sub"]})
    assert claims["user_id"] == claims["sub"], claims

    reference.start({"ALGORITHM": algorithm, **how}, "JWTStatelessUserAuthentication")
    from django.test import Client

    def me(shown):
        return Client().get("/api/me/", HTTP_AUTHORIZATION=f"Bearer {shown}")

    answer = me(token)
    assert (answer.status_code, answer.json()) == (200, {"id": claims["sub"], "username": "alice"}), answer.content
    # A token with a changed signature is refused, so the signature is checked.
    head, payload, signature = token.split(".")
    changed = "B" if signature[0] == "A" else "A"
    assert me(f"{head}.{payload}.{changed}{signature[1:]}").status_code == 401
    print(f"{algorithm}: accepted by PyJWT {jwt.__version__} and by SimpleJWT's stateless authentication")


if __name__ == "__main__":
    main()
