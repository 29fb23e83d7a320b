# What differs between the hosts; everything else is shared.
{
  nz.role = "laptop";
  zanoza.role = "desktop";
  mz.role = "media";
  beez.role = "builder";
}
