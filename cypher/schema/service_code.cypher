// A service may stand in a public register, under whose number another source describes it too.
CREATE INDEX service_code IF NOT EXISTS FOR (service:Service) ON (service.code)
