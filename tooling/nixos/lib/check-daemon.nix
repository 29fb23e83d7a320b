# What the builder and the machine's Nix have to be to each other.
{
  check,
  machine,
  name,
}:
let
  isTrusted = user: builtins.elem user machine.trustedUsers;
  user = "nix-cache-builder";
  trusted = builtins.filter isTrusted ([ user "@${user}" ] ++ map (group: "@${group}") machine.builderGroups);
in
[
  (check machine.hasNix ''
    ${name} needs Nix on this machine:
      nix.enable = true;'')
  (check (trusted == [ ]) ''
    nix.settings.trusted-users has ${builtins.concatStringsSep ", " trusted}: a trusted user can do what root can, and the builder evaluates what
    others write. It needs no such right. Take it out; what Nix does not let others set goes into nix.settings.'')
]
