-- The key ring: names and dates. Keys are derived from APP_SECRET and never stored.
create table signing_keys (
    kid         text   primary key,
    algorithm   text   not null, -- one algorithm per key (RFC 8725, 3.1)
    created_at  bigint not null,
    active_from bigint not null, -- before this instant the key is published but does not sign: caches learn it first
    retired_at  bigint, -- from this instant on, every credential of this key is refused
    -- A one-way derivation of the APP_SECRET that the key derives from. Null until the first start.
    secret_fingerprint text
);
insert into signing_keys (kid, algorithm, created_at, active_from) values ('1', 'HS256', 0, 0);

-- One row. Each change of the ring updates it first: this serialises changes on PostgreSQL.
create table key_ring (
    id         text   primary key check (id = 'ring'),
    changed_at bigint not null
);
insert into key_ring (id, changed_at) values ('ring', 0);
