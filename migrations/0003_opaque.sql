create table opaque_tokens (
    token_hash          text   primary key, -- SHA-256; 256 random bits need no slow hash
    user_id             text   not null references users (id) on delete cascade,
    generation          bigint not null,
    created_at          bigint not null, -- of the first token of this sign-in
    issued_at           bigint not null,
    last_seen_at        bigint not null,
    expires_at          bigint not null, -- idle: moves with use
    absolute_expires_at bigint not null,
    revoked_at          bigint, -- by logout or by rotation
    user_agent          text   not null
);
create index opaque_tokens_live_by_user on opaque_tokens (user_id) where revoked_at is null;
create index opaque_tokens_by_expiry on opaque_tokens (absolute_expires_at);
