# Shell commands that install what the executable prints for each shell.
{ binary }:
let
  files = {
    bash = "bash-completion/completions/${binary}";
    fish = "fish/vendor_completions.d/${binary}.fish";
    zsh = "zsh/site-functions/_${binary}";
  };
  install = shell: ''
    node $out/lib/${binary}/main.js completion ${shell} > completion
    install -Dm644 completion $out/share/${files.${shell}}
  '';
in
builtins.concatStringsSep "" (map install (builtins.attrNames files))
