-- One sign-in: the line of refresh tokens that descend from one login. No token is stored, signed or hashed.
create table jwt_families (
    id                  text   primary key, -- UUIDv7; the `sid` claim
    user_id             text   not null references users (id) on delete cascade,
    created_at          bigint not null,
    last_seen_at        bigint not null, -- of the last renewal
    idle_expires_at     bigint not null,
    absolute_expires_at bigint not null,
    revoked_at          bigint,
    revoked_reason      text,
    user_agent          text   not null
);
create index jwt_families_live_by_user on jwt_families (user_id) where revoked_at is null;
create index jwt_families_by_expiry on jwt_families (absolute_expires_at);

create table jwt_refresh_tokens (
    jti        text   primary key, -- 32 hex digits
    family_id  text   not null references jwt_families (id) on delete cascade,
    generation bigint not null, -- 1 at login
    issued_at  bigint not null,
    expires_at bigint not null,
    used_at    bigint, -- set once, by whoever rotates
    successor  text -- the jti that replaced it
);
create unique index jwt_refresh_tokens_by_generation on jwt_refresh_tokens (family_id, generation);
