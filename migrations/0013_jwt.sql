-- The refresh token of each sign-in: the next one, and the one before it. No token is stored, signed or hashed.
create table refresh_tokens (
    sign_in_id       text   primary key references sign_ins (id) on delete cascade,
    jti              text   not null, -- 32 hex digits
    generation       bigint not null, -- 1 at login
    issued_at        bigint not null,
    expires_at       bigint not null,
    previous_jti     text,
    previous_used_at bigint,
    previous_used_by text -- who used it: a keyed hash of the Idempotency-Key, or of address and agent
);
