-- The refresh tokens of each sign-in: the current one and its predecessor. Neither the token nor a hash of it is
-- stored, only its jti.
create table refresh_tokens (
    sign_in_id       text   primary key references sign_ins (id),
    jti              text   not null, -- 32 hex digits
    generation       bigint not null, -- 1 at login
    issued_at        bigint not null,
    expires_at       bigint not null,
    previous_jti     text,
    previous_used_at bigint,
    previous_used_by text -- the client that used it: SHA-256 of the Idempotency-Key, or an HMAC of address and agent
);
