create table sessions (
    id_hash             text   primary key, -- SHA-256 of the id: a copy of this table opens no session
    user_id             text   not null references users (id) on delete cascade,
    data                text   not null, -- what an application keeps in the session, as JSON
    generation          bigint not null,
    created_at          bigint not null,
    issued_at           bigint not null, -- of the present id
    last_seen_at        bigint not null,
    expires_at          bigint not null, -- idle: moves with use
    absolute_expires_at bigint not null,
    user_agent          text   not null
);
create index sessions_by_user on sessions (user_id);
create index sessions_by_expiry on sessions (expires_at);
