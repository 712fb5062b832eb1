-- Counters of attempts, and the addresses that each account signed in from. Each key is derived from its subject under
-- APP_SECRET, so this table reveals no address and no user name.
create table throttle (
    key_hash   text   primary key,
    hits       bigint not null, -- count in the current window; for a known address: the account's epoch
    expires_at bigint not null -- end of the window; an expired row has no effect
);
create index throttle_by_expiry on throttle (expires_at);
