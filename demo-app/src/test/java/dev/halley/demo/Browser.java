/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.halley.demo;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A Chromium without a window, if this machine has one. Where
 * {@code HALLEY_REQUIRE_BROWSER} is {@code true}, it has to.
 */
final class Browser {

	private static final String[] ARGUMENTS = { "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
			"--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
			"--disable-component-update", "--disable-sync", "--window-size=1280,1000" };

	private Browser() {
	}

	/**
	 * Starts the browser, or lets the tests be skipped.
	 * @param profile an empty directory
	 */
	static ChromeDriver start(Path profile) {
		Optional<File> browser = onPath("chromium", "chromium-browser", "google-chrome");
		Optional<File> driver = onPath("chromedriver");
		if (browser.isEmpty() || driver.isEmpty()) {
			String missing = "The page is not tested: chromium and chromedriver are not on the path";
			if (Boolean.parseBoolean(System.getenv("HALLEY_REQUIRE_BROWSER"))) {
				throw new IllegalStateException(missing);
			}
			System.err.println(missing);
			Assumptions.abort(missing);
		}
		ChromeDriverService service = new ChromeDriverService.Builder().usingDriverExecutable(driver.get())
			.usingAnyFreePort()
			.build();
		return new ChromeDriver(service, options(browser.get(), profile));
	}

	private static ChromeOptions options(File browser, Path profile) {
		LoggingPreferences logging = new LoggingPreferences();
		logging.enable(LogType.BROWSER, Level.ALL);
		ChromeOptions options = new ChromeOptions();
		options.setBinary(browser);
		options.addArguments(ARGUMENTS);
		options.addArguments("--user-data-dir=" + profile);
		options.setCapability("goog:loggingPrefs", logging);
		return options;
	}

	private static Optional<File> onPath(String... names) {
		String[] directories = Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator);
		return Stream.of(names)
			.flatMap((name) -> Stream.of(directories).map((directory) -> Path.of(directory, name)))
			.filter(Files::isExecutable)
			.map(Path::toFile)
			.findFirst();
	}

}
