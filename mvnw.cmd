<# : batch part, which is a comment to PowerShell
@rem Copyright 2026-present the Halley authors.
@rem
@rem Licensed under the Apache License, Version 2.0 (the "License");
@rem you may not use this file except in compliance with the License.
@rem You may obtain a copy of the License at
@rem
@rem      https://www.apache.org/licenses/LICENSE-2.0
@rem
@rem Unless required by applicable law or agreed to in writing, software
@rem distributed under the License is distributed on an "AS IS" BASIS,
@rem WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
@rem See the License for the specific language governing permissions and
@rem limitations under the License.

@rem Does on Windows what 'mvnw' does elsewhere; its comments say what that is.
@echo off
setlocal
set "MVNW_SELF=%~f0"
set "MVNW_MAVEN="
set "PSModulePath="
for /f "usebackq delims=" %%m in (`powershell -NoProfile -NonInteractive -Command "& ([ScriptBlock]::Create((Get-Content -Raw -LiteralPath $env:MVNW_SELF)))"`) do set "MVNW_MAVEN=%%m"
if not defined MVNW_MAVEN exit /b 1
endlocal & call "%MVNW_MAVEN%\bin\mvn.cmd" %*
exit /b %ERRORLEVEL%
#>

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

function Say([string] $text) {
	[Console]::Error.WriteLine("mvnw: $text")
}

function Test-Complete([string] $directory) {
	(Test-Path -LiteralPath "$directory\bin\mvn.cmd") -and (Test-Path -LiteralPath "$directory\lib\maven-core-$version.jar")
}

function Find-InCache {
	$candidates = @(Get-ChildItem -Directory -Path "$dists\$name" -ErrorAction SilentlyContinue | ForEach-Object { $_.FullName })
	$candidates += @(Get-ChildItem -Directory -Path "$dists\$name-bin" -ErrorAction SilentlyContinue | ForEach-Object { "$($_.FullName)\$name" })
	$candidates | Where-Object { Test-Complete $_ } | Select-Object -First 1
}

# Null when the file is the right one, else what is wrong.
function Get-SumFault {
	$actual = (Get-FileHash -LiteralPath $zip -Algorithm SHA512).Hash.ToLowerInvariant()
	if ($actual -ne $expected) { "the SHA-512 of $name-bin.zip is $actual (expected: $expected)" }
}

# Each returns null when it worked, else why not.
function Get-WithMvn {
	$mvn = Get-Command mvn -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
	if (-not $mvn) { return 'not on the PATH' }
	# From a directory of its own, so that neither the pom nor .mvn of this build is read.
	Push-Location -LiteralPath $work
	$ErrorActionPreference = 'Continue'
	try {
		& $mvn.Source -q -B 'org.apache.maven.plugins:maven-dependency-plugin:3.10.0:copy' `
			"-Dartifact=org.apache.maven:apache-maven:${version}:zip:bin" "-DoutputDirectory=$work" *> "$work\log"
	}
	finally {
		Pop-Location
	}
	if (Test-Path -LiteralPath $zip) { return Get-SumFault }
	$reason = Select-String -LiteralPath "$work\log" -Pattern 'ERROR' | Select-Object -First 1
	"$($mvn.Source) did not fetch org.apache.maven:apache-maven:${version}:zip:bin: $($reason.Line)"
}

function Get-WithDownload {
	try {
		Invoke-WebRequest -UseBasicParsing -Uri $url -OutFile $zip
	}
	catch {
		return "${url}: $($_.Exception.Message)"
	}
	Get-SumFault
}

$properties = Join-Path (Split-Path -Parent $env:MVNW_SELF) '.mvn\wrapper\maven-wrapper.properties'
$values = Get-Content -Raw -LiteralPath $properties | ConvertFrom-StringData
$url = $values.distributionUrl
if ($env:MVNW_DISTRIBUTION_URL) { $url = $env:MVNW_DISTRIBUTION_URL }
$expected = $values.distributionSha512Sum
$name = $values.distributionUrl.Split('/')[-1] -replace '-bin\.zip$', ''
$version = $name -replace '^apache-maven-', ''
$userHome = Join-Path $env:USERPROFILE '.m2'
if ($env:MAVEN_USER_HOME) { $userHome = $env:MAVEN_USER_HOME }
$dists = Join-Path $userHome 'wrapper\dists'

$maven = Find-InCache
if ($maven) {
	Write-Output $maven
	exit 0
}

$maven = "$dists\$name\$($expected.Substring(0, 8))"
$work = "$dists\.fetch-$([Guid]::NewGuid())"
$zip = "$work\$name-bin.zip"
New-Item -ItemType Directory -Force -Path $work, "$dists\$name" | Out-Null
try {
	Say "fetching Maven $version, this once"
	$mvnFault = Get-WithMvn
	if ($mvnFault) { $downloadFault = Get-WithDownload }
	if ($mvnFault -and $downloadFault) {
		Say @"
Maven $version is not here, and nothing brought it:
  - the cache: no $name in $dists
  - mvn: $mvnFault
  - download: $downloadFault
One of these helps:
  - install any Maven 3.6.3 or later, so that 'mvn' finds your repository, and run this again
  - set MVNW_DISTRIBUTION_URL to an address of $name-bin.zip that this machine reaches
  - unpack $name-bin.zip so that $dists\$name\manual\bin\mvn.cmd exists
"@
		exit 1
	}
	Expand-Archive -LiteralPath $zip -DestinationPath $work -Force
	# A rename, so that nobody ever sees half a Maven; of several first runs at once, one wins and the others use its.
	try {
		[IO.Directory]::Move("$work\$name", $maven)
	}
	catch {
		if (-not (Test-Complete $maven)) { throw }
	}
	Write-Output $maven
}
finally {
	Remove-Item -LiteralPath $work -Recurse -Force -ErrorAction SilentlyContinue
}
