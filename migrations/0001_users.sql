-- An instant is a number of unix seconds. A state is the instant at which it began, or null.
create table users (
    id                  text   primary key, -- UUIDv7
    username            text   not null unique, -- the canonical form of RFC 8265 (UsernameCaseMapped)
    password_hash       text   not null, -- PHC string
    role                text   not null check (role in ('user', 'admin')),
    -- A sign-in lives while its epoch equals this one. Raising this number ends every sign-in of the account. It grows
    -- with the clock: a restored backup never repeats a number.
    epoch               bigint not null default 0,
    -- The epoch before the last raise, and the reason of that raise: the answer to a credential of that epoch contains
    -- the reason. Null: never raised.
    epoch_before        bigint,
    epoch_reason        text   check ((epoch_reason is null) = (epoch_before is null)),
    created_at          bigint not null,
    disabled_at         bigint,
    last_login_at       bigint, -- null: no login yet
    password_changed_at bigint  -- null: unchanged since registration or import
);
