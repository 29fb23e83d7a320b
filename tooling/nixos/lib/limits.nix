# Limits of systemd.resource-control(5) and systemd.exec(5), from the options named like them.
let
  directives = {
    cpuQuota = "CPUQuota";
    memoryHigh = "MemoryHigh";
    memoryMax = "MemoryMax";
    ioWeight = "IOWeight";
    nice = "Nice";
  };
in
{
  render =
    resources:
    builtins.listToAttrs (
      map (option: {
        name = directives.${option};
        value = resources.${option};
      }) (builtins.filter (option: resources.${option} or null != null) (builtins.attrNames directives))
    );
}
