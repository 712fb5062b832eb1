-- The key ring: names and dates. The keys themselves are derived from APP_SECRET and are nowhere.
create table signing_keys (
    kid         text   primary key,
    algorithm   text   not null, -- of the tokens that it signs; one for each key (RFC 8725, 3.1)
    created_at  bigint not null,
    active_from bigint not null, -- until then it is published and not used: everybody gets to know it first
    retired_at  bigint, -- from then on nothing that was made with it is accepted
    -- A one-way derivation of the APP_SECRET that the key derives from; null until the first start.
    secret_fingerprint text
);
insert into signing_keys (kid, algorithm, created_at, active_from) values ('1', 'HS256', 0, 0);

-- One row. Each change of the ring updates it first, so that two changes run one after the other on PostgreSQL, too.
create table key_ring (
    id         text   primary key check (id = 'ring'),
    changed_at bigint not null
);
insert into key_ring (id, changed_at) values ('ring', 0);
