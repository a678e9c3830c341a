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

import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.chrome.ChromeDriver;
import org.springframework.boot.test.web.server.LocalServerPort;

/**
 * Tests of pages of a running server, in a browser that is started once for them.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class InBrowser {

	@LocalServerPort
	int port;

	ChromeDriver browser;

	@BeforeAll
	void startBrowser(@TempDir Path profile) {
		this.browser = Browser.start(profile);
	}

	@AfterAll
	void quitBrowser() {
		if (this.browser != null) {
			this.browser.quit();
		}
	}

}
