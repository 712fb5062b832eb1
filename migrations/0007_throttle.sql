-- How often something was tried, and from where an account was signed in to. A key is derived, under APP_SECRET, from what
-- is counted: the table tells neither an address nor a name.
create table throttle (
    key_hash   text   primary key,
    hits       bigint not null, -- in the present window; of an address that an account knows: the account's epoch
    expires_at bigint not null -- the end of that window; after it, the row says nothing
);
create index throttle_by_expiry on throttle (expires_at);
