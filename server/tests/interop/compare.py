# mode: jwt
"""Sends the same requests to SimpleJWT and to Latchkey, and prints where the answers differ.

Reads `{"url", "password", "tokens": {name: token}}` from standard input; the tokens are those that no request can make.
Exits with 1 if a difference is not listed in `KNOWN`, or if an entry of `KNOWN` does not differ.
"""

import json
import sys
import urllib.error
import urllib.request
from datetime import timedelta

import reference

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
OBTAIN, REFRESH, VERIFY, BLACKLIST = "/api/token/", "/api/token/refresh/", "/api/token/verify/", "/api/token/blacklist/"
SLIDING, SLIDE, ME, LOGOUT = "/api/token/sliding/", "/api/token/sliding/refresh/", "/api/me/", "/api/logout/"
FORMS = {
    OBTAIN: ("username", "password"),
    REFRESH: ("refresh",),
    VERIFY: ("token",),
    BLACKLIST: ("refresh",),
    SLIDING: ("username", "password"),
    SLIDE: ("token",),
}

# Intended differences: the beginning of a case's name, and the reason.
KNOWN = {
    "field: NUL": "NUL gets the answer of any wrong password, not a message of its own",
    "header: none, another method": "the method is checked before the caller: the methods of a path are no secret",
    "logout: true": "a value that is not a text is not a token",
    "logout: 0": "a number counts as its text, as in every other field",
    'logout: ["a"]': "a value that is not a text is not a token",
    'logout: "  "': "blanks count as empty, as in every other field",
    "token: refresh of a disabled user: /api/token/verify/": "disabling an account ends its sign-ins",
    "token: refresh of a disabled user: /api/token/blacklist/": "disabling an account ends its sign-ins",
    "token: refresh of a disabled user: /api/token/refresh/": "the answer has a `code`, so that a client can tell a refused token",
    **{
        f"token: {token}: {path}": "the type of a token is checked before the blacklist"
        for path, tokens in (
            (SLIDE, ("rotated", "grandparent", "blacklisted", "logged out")),
            (ME, ("refresh", "rotated", "grandparent", "blacklisted", "logged out", "refresh of a disabled user")),
        )
        for token in tokens
    },
}


def cases():
    """Yields (name, method, path, body or None, content type, Authorization or None). `<name>` stands for a token."""
    values = {"absent": None, "blank": '""', "spaces": '"  "', "null": "null", "true": "true", "false": "false",
              "list": "[]", "object": "{}", "integer": "5", "float": "1.5", "NUL": '"\\u0000"'}
    for path, fields in FORMS.items():
        for name, value in values.items():
            body = "{" + ", ".join(f'"{field}": {value}' for field in fields if value) + "}"
            yield f"field: {name}: {path}", "POST", path, body, JSON, None
        yield f"field: form, absent: {path}", "POST", path, "other=1", FORM, None
        yield f"field: form, blank: {path}", "POST", path, "&".join(f"{field}=" for field in fields), FORM, None
        yield f"field: form, twice: {path}", "POST", path, "&".join(f"{field}=a&{field}=b" for field in fields), FORM, None
        yield f"body: none: {path}", "POST", path, None, "", None
        yield f"body: none, of type JSON: {path}", "POST", path, "", JSON, None
        for body in ("[]", '"a"', "5", "1.5", "true", "null"):
            yield f"body: {body}: {path}", "POST", path, body, JSON, None
        for body in ('{"a": ', "{'a': 1}", "NaN", "{} {}", "\x00"):
            yield f"malformed: {body!r}: {path}", "POST", path, body, JSON, None
        for kind in ("text/plain", "text/plain; charset=utf-8", "Text/Plain", "application/xml", "nonsense"):
            yield f"type: {kind}: {path}", "POST", path, "a", kind, None
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            yield f"method: {method}: {path}", method, path, None, "", None
        for header in ("Bearer garbage", "Bearer", "Bearer a b", "Basic YTpi"):
            yield f"ignored: {header}: {path}", "POST", path, "{}", JSON, header
    yield "one field: username", "POST", OBTAIN, '{"username": "alice"}', JSON, None
    yield "one field: password", "POST", OBTAIN, '{"username": null, "password": "x"}', JSON, None
    for path in (OBTAIN, SLIDING):
        for name, username, password in (
            ("right", "alice", "<password>"), ("wrong", "alice", "wrong"), ("unknown", "nobody", "<password>"),
            ("disabled", "dora", "<password>"), ("a number", "alice", 5),
        ):
            body = json.dumps({"username": username, "password": password})
            yield f"credentials: {name}: {path}", "POST", path, body, JSON, None
    for token in ("garbage", "a.b.c", "tampered", "algorithm", "access", "refresh", "sliding", "expired access",
                  "expired refresh", "expired sliding", "rotated", "grandparent", "blacklisted", "logged out",
                  "access of a disabled user", "refresh of a disabled user", "access of a deleted user"):
        for path, field in ((VERIFY, "token"), (SLIDE, "token"), (REFRESH, "refresh"), (BLACKLIST, "refresh")):
            yield f"token: {token}: {path}", "POST", path, f'{{"{field}": "<{token}>"}}', JSON, None
        yield f"token: {token}: {ME}", "GET", ME, None, "", f"Bearer <{token}>"
        yield f"token: {token}: {LOGOUT}", "POST", LOGOUT, f'{{"refresh": "<{token}>"}}', JSON, "Bearer <access>"
    for header in (None, "", " ", "Basic YTpi", "Token <access>", "bearer <access>", "BEARER <access>", "Bearer", "Bearer ",
                   "Bearer <access> b", "Bearer  <access>", "Bearer\t<access>", "Bearer \u00e9", "<access>"):
        yield f"header: {header}: {ME}", "GET", ME, None, "", header
        yield f"header: {header}: {LOGOUT}", "POST", LOGOUT, "{}", JSON, header
    yield "header: none, malformed body", "POST", LOGOUT, '{"a": ', JSON, None
    yield "header: none, another method", "PUT", ME, None, "", None
    for method in ("POST", "PUT", "DELETE"):
        yield f"method: {method}: {ME}", method, ME, None, "", "Bearer <access>"
    yield f"method: GET: {LOGOUT}", "GET", LOGOUT, None, "", "Bearer <access>"
    for value in ('""', '"  "', "null", "true", "false", "0", "5", "[]", '["a"]', "{}"):
        yield f"logout: {value}", "POST", LOGOUT, f'{{"refresh": {value}}}', JSON, "Bearer <access>"
    for body in ("{}", "", '{"a": '):
        yield f"logout: body {body!r}", "POST", LOGOUT, body, JSON, "Bearer <access>"
    yield "logout: text", "POST", LOGOUT, "a", "text/plain", "Bearer <access>"


class Side:
    """A server and its tokens."""

    def __init__(self, password):
        self.password = password
        self.tokens = {"password": password, "garbage": "garbage", "a.b.c": "a.b.c"}

    def prepare(self):
        """Makes the tokens that requests can make. The refresh token is replaced before each case that uses it."""
        tokens = self.tokens
        pair = self.pair()
        tokens["access"], tokens["refresh"] = pair["access"], pair["refresh"]
        head, payload, signature = pair["refresh"].split(".")
        tokens["tampered"] = f"{head}.{payload}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
        # {"alg": "none"}, without a signature.
        tokens["algorithm"] = f"eyJhbGciOiJub25lIn0.{payload}."
        tokens["sliding"] = self.json("POST", SLIDING, {"username": "alice", "password": self.password})["token"]
        tokens["rotated"] = self.pair()["refresh"]
        self.json("POST", REFRESH, {"refresh": tokens["rotated"]})
        tokens["grandparent"] = self.pair()["refresh"]
        parent = self.json("POST", REFRESH, {"refresh": tokens["grandparent"]})
        self.json("POST", REFRESH, {"refresh": parent["refresh"]})
        tokens["blacklisted"] = self.pair()["refresh"]
        self.json("POST", BLACKLIST, {"refresh": tokens["blacklisted"]})
        pair = self.pair()
        tokens["logged out"] = pair["refresh"]
        self.json("POST", LOGOUT, {"refresh": pair["refresh"]}, f"Bearer {pair['access']}")

    def pair(self, username="alice"):
        return self.json("POST", OBTAIN, {"username": username, "password": self.password})

    def json(self, method, path, fields, authorization=None):
        status, _, body = self.send(method, path, json.dumps(fields), JSON, authorization)
        assert status < 300, (method, path, status, body)
        return json.loads(body) if body else {}

    def fill(self, text):
        for name, token in self.tokens.items():
            text = text and text.replace(f"<{name}>", token)
        return text

    def answer(self, method, path, body, kind, authorization):
        status, headers, body = self.send(method, path, self.fill(body), kind, self.fill(authorization))
        try:
            body = json.loads(body)
        except ValueError:
            pass
        if isinstance(body, dict):
            # Tokens and user ids differ on each side.
            body = {key: "…" if key in ("access", "refresh", "token", "id") and isinstance(value, (str, int)) else value
                    for key, value in body.items()}
            if str(body.get("detail", "")).startswith("JSON parse error - "):
                body["detail"] = "JSON parse error - …"
        return status, headers, body


class Django(Side):
    def __init__(self, password):
        super().__init__(password)
        from django.contrib.auth import get_user_model
        from django.test import Client
        from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, SlidingToken

        self.client = Client(raise_request_exception=False)
        users = get_user_model().objects
        alice, dora, gina = (users.create_user(name, password=password) for name in ("alice", "dora", "gina"))
        for name, kind in (("access", AccessToken), ("refresh", RefreshToken), ("sliding", SlidingToken)):
            token = kind.for_user(alice)
            token.set_exp(lifetime=timedelta(seconds=-1))
            self.tokens[f"expired {name}"] = str(token)
        self.tokens["access of a disabled user"] = str(AccessToken.for_user(dora))
        self.tokens["refresh of a disabled user"] = str(RefreshToken.for_user(dora))
        self.tokens["access of a deleted user"] = str(AccessToken.for_user(gina))
        dora.is_active = False
        dora.save()
        gina.delete()

    def send(self, method, path, body, kind, authorization):
        headers = {} if authorization is None else {"HTTP_AUTHORIZATION": authorization}
        answer = self.client.generic(method, path, body or "", content_type=kind, **headers)
        return answer.status_code, answer.headers, answer.content.decode()


class Latchkey(Side):
    def __init__(self, password, url, tokens):
        super().__init__(password)
        self.url = url
        self.tokens.update(tokens)

    def send(self, method, path, body, kind, authorization):
        request = urllib.request.Request(self.url + path, data=None if body is None else body.encode(), method=method)
        # Set it even if it is empty: urllib adds a default otherwise.
        request.add_header("Content-Type", kind)
        if authorization is not None:
            request.add_header("Authorization", authorization)
        try:
            answer = urllib.request.urlopen(request)
        except urllib.error.HTTPError as error:
            answer = error
        return answer.status, answer.headers, answer.read().decode()


def differences(theirs, ours):
    """The differences that a client of SimpleJWT can notice."""
    (status, headers, body), (our_status, our_headers, our_body) = theirs, ours
    if status != our_status:
        yield f"status {status}, ours {our_status}"
    if isinstance(body, dict) and isinstance(our_body, dict):
        # Allowed additions: `reason` and `end_reason` everywhere; `code` and `detail` where SimpleJWT has no `code`, except
        # in a 401. `reply` in ../http/simplejwt.rs allows the same.
        added = {"reason", "end_reason"} | (set() if "code" in body or status == 401 else {"code", "detail"})
        our_body = {key: value for key, value in our_body.items() if key in body or key not in added}
    if body != our_body:
        yield f"body {json.dumps(body)}, ours {json.dumps(our_body)}"
    challenge, our_challenge = headers.get("WWW-Authenticate", ""), our_headers.get("WWW-Authenticate", "")
    if not our_challenge.startswith(challenge) or bool(challenge) != bool(our_challenge):
        yield f"challenge {challenge!r}, ours {our_challenge!r}"
    methods, our_methods = (set(h.get("Allow", "").replace(" ", "").split(",")) - {"OPTIONS", "HEAD"} for h in (headers, our_headers))
    if status == 405 and methods != our_methods:
        yield f"Allow {methods}, ours {our_methods}"


def main():
    given = json.load(sys.stdin)
    reference.start()
    sides = [Django(given["password"]), Latchkey(given["password"], given["url"], given["tokens"])]
    for side in sides:
        side.prepare()
    unknown, seen, count = 0, set(), 0
    for name, *request in cases():
        for side in sides:
            if "<refresh>" in (request[2] or ""):
                side.tokens["refresh"] = side.pair()["refresh"]
        found = list(differences(*(side.answer(*request) for side in sides)))
        count += 1
        why = next((known for known in KNOWN if name.startswith(known)), None)
        if found and why is None:
            unknown += 1
            print(f"DIFFERS  {name}: " + "; ".join(found))
        elif found:
            seen.add(why)
    for known in KNOWN.keys() - seen:
        unknown += 1
        print(f"DOES NOT DIFFER  {known}")
    for known in sorted(seen):
        print(f"differs as intended  {known}: {KNOWN[known]}")
    print(f"{count} requests, {len(seen)} intended differences, {unknown} others")
    sys.exit(1 if unknown else 0)


if __name__ == "__main__":
    main()
