-- The key ring: names and dates. The keys themselves are derived from APP_SECRET and are nowhere.
create table signing_keys (
    kid         text   primary key,
    algorithm   text   not null, -- of the tokens that it signs; one for each key (RFC 8725, 3.1)
    created_at  bigint not null,
    active_from bigint not null, -- until then it is published and not used: everybody gets to know it first
    retired_at  bigint -- from then on nothing that was made with it is accepted
);
insert into signing_keys (kid, algorithm, created_at, active_from) values ('1', 'HS256', 0, 0);
