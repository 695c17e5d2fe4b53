-- set_version --
-- Let a tenant speak a version of the API unless a request names another.
INSERT INTO tenants (tenant, livemode, api_version) VALUES (:tenant, :livemode, :api_version)
    ON CONFLICT (tenant, livemode) DO UPDATE SET api_version = excluded.api_version;

-- version_of --
-- The version that a tenant speaks unless a request names another.
SELECT api_version FROM tenants WHERE tenant = :tenant AND livemode = :livemode;
