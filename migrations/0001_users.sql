-- Instants are unix seconds; a state is the instant at which it began, or null.
create table users (
    id                  text   primary key, -- UUIDv7
    username            text   not null unique, -- as RFC 8265 (UsernameCaseMapped) writes it
    password_hash       text   not null, -- PHC string
    role                text   not null check (role in ('user', 'admin')),
    -- A sign-in lives while it carries this number. Raising it ends everything. It grows like a clock, so that a restored
    -- backup never repeats a number.
    epoch               bigint not null default 0,
    created_at          bigint not null,
    disabled_at         bigint,
    last_login_at       bigint, -- null: never signed in here
    password_changed_at bigint  -- null: as it was registered or imported
);
