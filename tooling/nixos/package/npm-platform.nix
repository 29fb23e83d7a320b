# A platform of nixpkgs in npm's words.
platform:
{
  os = if platform.isDarwin then "darwin" else "linux";
  cpu =
    {
      x86_64 = "x64";
      aarch64 = "arm64";
    }
    .${platform.parsed.cpu.name} or platform.parsed.cpu.name;
  libc = if platform.isMusl then "musl" else "glibc";
}
