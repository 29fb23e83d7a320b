# `services.nix-cache-builder.resources` and `.daemonResources`: what may be used of the machine.
{ lib }:
let
  inherit (lib) mkOption types;

  # Both groups take the same limits of systemd, and differ in what these bind.
  limitsOf = whose: {
    cpuQuota = mkOption {
      type = types.nullOr types.str;
      default = null;
      example = "250%";
      description = "CPU time ${whose} gets at most; 100% is one CPU. `null`: no limit.";
    };

    memoryHigh = mkOption {
      type = types.nullOr types.str;
      default = null;
      example = "8G";
      description = "Memory above which ${whose} is slowed down and made to give some back. `null`: no limit.";
    };

    memoryMax = mkOption {
      type = types.nullOr types.str;
      default = null;
      example = "10G";
      description = "Memory that ${whose} has at most; a process of it is killed there. `null`: no limit.";
    };

    ioWeight = mkOption {
      type = types.nullOr types.int;
      default = null;
      example = 50;
      description = "Share of the disk that ${whose} gets beside others, 1 to 10000; 100 is usual. `null`: as usual.";
    };
  };
in
{
  options = {
    resources = limitsOf "`nix-cache-builder.service`, where hosts are evaluated but not built," // {
      nice = mkOption {
        type = types.nullOr types.int;
        default = null;
        example = 10;
        description = ''
          Priority of `nix-cache-builder.service`, where hosts are evaluated but not built: -20 to 19, larger gives way.
          `null`: 0.
        '';
      };

      evalMemoryMax = mkOption {
        type = types.int;
        default = 0;
        example = 6;
        description = ''
          GB (10^9 bytes) that the evaluation of one host may take, inside the limits of the service: a host that wants
          more fails, and the others are still built. 0: unlimited.
        '';
      };
    };

    daemonResources = limitsOf "`nix-daemon.service`, where all builds of this machine run,";
  };
}
