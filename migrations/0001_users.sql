-- Instants are unix seconds; a state is the instant at which it began, or null.
create table users (
    id            text   primary key, -- UUIDv7
    username      text   not null unique, -- as RFC 8265 (UsernameCaseMapped) writes it
    password_hash text   not null, -- PHC string
    role          text   not null check (role in ('user', 'admin')),
    -- Counts up when every stateless credential of the user has to die.
    epoch         bigint not null default 0,
    created_at    bigint not null,
    disabled_at   bigint
);
