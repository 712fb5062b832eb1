-- Counters of attempts, and the addresses that each account signed in from. Each key is derived from its subject under
-- APP_SECRET, so these tables reveal no address and no user name.
create table throttle (
    key_hash   text   primary key,
    hits       bigint not null, -- count in the current window
    expires_at bigint not null -- end of the window; an expired row has no effect
);
create index throttle_by_expiry on throttle (expires_at);

create table known_addresses (
    key_hash   text   primary key, -- of the account and the address
    epoch      bigint not null, -- users.epoch at the login; the address is known in this epoch
    expires_at bigint not null
);
create index known_addresses_by_expiry on known_addresses (expires_at);
