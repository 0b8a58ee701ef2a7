# shellcheck shell=bash
# Publishes the .NET projects that go into images.

readonly COMMON_INPUTS=(Directory.Build.props Directory.Packages.props global.json .editorconfig BannedSymbols.txt)

# project_folders FOLDER...: these and those they reference, each once.
project_folders() {
  local folder reference project seen=' '
  local queue=("$@")
  while ((${#queue[@]})); do
    folder=${queue[0]}
    queue=("${queue[@]:1}")
    [[ $seen != *" $folder "* ]] || continue
    seen+="$folder "
    echo "$folder"
    for project in "$PROJECT/$folder"/*.csproj; do
      while read -r reference; do
        queue+=("$(realpath -m --relative-to="$PROJECT" "$(dirname "$project")/$(dirname "${reference//\\//}")")")
      done < <(sed -n 's#.*<ProjectReference[^>]*Include="\([^"]*\)".*#\1#p' "$project")
    done
  done
}

# inputs_digest FOLDER TEXT...: of everything that the published files depend on, and of TEXT.
inputs_digest() {
  local folders file digest
  mapfile -t folders < <(project_folders "$1")
  shift
  digest=$(
    cd "$PROJECT" || exit
    {
      printf '%s\n' "$@"
      for file in "${COMMON_INPUTS[@]}"; do [[ ! -e $file ]] || sha256sum "$file"; done
      find "${folders[@]}" \( -name bin -o -name obj \) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum
    } | sha256sum
  )
  echo "${digest%% *}"
}

# publish PROJECT_FOLDER OUTPUT OPTION...: with intermediate files of its own, so that it does not meet a build in the checkout.
publish() {
  local folder=$1 output=$2 log=$CACHE/logs/publish-${1##*/}.log
  shift 2
  rm -rf "$output"
  (
    cd "$PROJECT/$folder"
    flock 6
    dotnet publish --configuration Release --output "$output" --artifacts-path "$CACHE/build/images" --nologo \
      --disable-build-servers -p:DebugType=embedded -p:GenerateDocumentationFile=true "$@"
  ) >"$log" 2>&1 6>"$CACHE/publish.lock" || show_log_and_fail "$log" "dotnet publish of $folder failed"
}
