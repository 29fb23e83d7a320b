# Both modules: a builder is often a client of other caches, too.
{
  imports = [
    ./builder.nix
    ./client.nix
  ];
}
