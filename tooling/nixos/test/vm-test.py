cache = "http://builder:5000"

start_all()
builder.wait_for_unit("multi-user.target")
client.wait_for_unit("multi-user.target")
outsider.wait_for_unit("multi-user.target")

with subtest("the repository is there, and the builder's to read"):
    builder.succeed(
        "mkdir -p /srv/fleet",
        "cp -L /etc/fleet/flake.nix /etc/fleet/system /srv/fleet",
        "git -C /srv/fleet init --quiet --initial-branch=main",
        "git -C /srv/fleet add .",
        "git -C /srv/fleet -c user.name=test -c user.email=test@localhost commit --quiet --message=first",
        "chown -R nix-cache-builder: /srv/fleet",
    )

with subtest("the units are those of the original"):
    builder.wait_for_unit("nix-cache-builder.timer")
    builder.wait_for_unit("nix-cache-builder-prune.timer")
    builder.wait_for_unit("nix-cache-server.service")
    builder.succeed("systemctl is-active nix-serve.service")
    calendar = builder.succeed("systemctl show --property=TimersCalendar nix-cache-builder.timer")
    assert "OnCalendar=*-*-* 02:00:00" in calendar, calendar

with subtest("the server answers, and says its priority"):
    builder.wait_for_open_port(5000)
    info = client.wait_until_succeeds(f"curl --fail --silent {cache}/nix-cache-info")
    assert "Priority: 40" in info, info

with subtest("both services are nobody that matters"):
    server = builder.succeed("ps -o user= -p $(systemctl show --property=MainPID --value nix-cache-server)")
    assert server.strip() != "root", server
    groups = builder.succeed("id -nG nix-cache-builder")
    assert groups.split() == ["nix-cache-builder"], groups
    builder.fail("runuser -u nix-cache-builder -- cat /run/secrets/nix-cache-priv-key")

with subtest("a sync makes the checkout"):
    builder.succeed("systemctl start nix-cache-builder-sync.service")
    builder.succeed("test -e /var/lib/nix-cache-builder/flake/flake.nix")

with subtest("a run builds, signs and publishes every host"):
    builder.succeed("systemctl start nix-cache-builder.service")
    published = {
        host: builder.succeed(f"readlink -f /var/cache/nix-builds/{host}-result").strip()
        for host in ["desktop", "laptop"]
    }
    for path in published.values():
        builder.succeed(f"nix-store --query --roots {path} | grep /nix/var/nix/gcroots/nix-cache-builder/")

with subtest("a client takes what was built, by its signature"):
    for host, path in published.items():
        client.fail(f"test -e {path}")
        client.succeed(f"nix-store --realise {path}")
        text = client.succeed(f"cat {path}")
        assert text.startswith(f"{host}: "), text
    signatures = client.succeed(f"nix path-info --json {published['desktop']}")
    assert "cache.test-1:" in signatures, signatures

with subtest("an outsider gets nothing, whichever layer is looked at"):
    outsider.wait_until_succeeds("ping -c 1 10.7.0.1")
    outsider.fail("curl --max-time 5 http://10.7.0.1:5000/nix-cache-info")
    builder.succeed("systemctl stop firewall.service")
    outsider.fail("curl --max-time 5 http://10.7.0.1:5000/nix-cache-info")
    builder.succeed("systemctl set-property --runtime nix-cache-server.service IPAddressAllow=any")
    refused = outsider.succeed(
        "curl --max-time 5 --silent --output /dev/null --write-out '%{http_code}' http://10.7.0.1:5000/nix-cache-info"
    )
    assert refused == "403", refused
    builder.succeed(
        "systemctl revert nix-cache-server.service",
        "systemctl start firewall.service",
        "systemctl restart nix-cache-server.service",
    )
    client.wait_until_succeeds(f"curl --fail --silent {cache}/nix-cache-info")

with subtest("a prune leaves what is published"):
    builder.succeed("systemctl start nix-cache-builder-prune.service")
    builder.succeed(f"test -e {published['desktop']}")

with subtest("the server comes back when it is killed"):
    builder.succeed("systemctl kill --signal=KILL nix-cache-server.service")
    client.wait_until_succeeds(f"curl --fail --silent {cache}/nix-cache-info")

with subtest("a client builds while the cache is off"):
    builder.shutdown()
    expression = 'derivation { name = "own"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo own > $out" ]; }'
    client.succeed(f"nix-build --no-out-link --expr '{expression}'")
